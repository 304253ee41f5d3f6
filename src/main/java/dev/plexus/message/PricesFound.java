package dev.plexus.message;

import java.util.List;

/// The answer to [PricesAsked]: ids of models. `loaded` is false while there has never been a list.
public record PricesFound(boolean loaded, List<String> ids) {

    public PricesFound {
        ids = List.copyOf(ids);
    }
}
