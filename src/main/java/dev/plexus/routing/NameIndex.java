package dev.plexus.routing;

import dev.plexus.config.Alias;
import dev.plexus.config.Config;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Every name that leads to an alias. An alias key beats an additional name, and the first alias in file order beats later ones.
final class NameIndex {

    private final Map<String, Alias> byName = new HashMap<>();

    NameIndex(Config config) {
        config.aliases().values().forEach(alias -> byName.put(alias.name().value(), alias));
        config.aliases()
                .values()
                .forEach(alias -> alias.additionalNames().forEach(name -> byName.putIfAbsent(name, alias)));
    }

    @Nullable Alias find(String name) {
        return byName.get(name);
    }
}
