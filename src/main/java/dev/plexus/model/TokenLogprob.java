package dev.plexus.model;

import java.util.List;

/// The log probability of one token, with those of its likeliest alternatives (whose own `top` is empty).
public record TokenLogprob(String token, double logprob, List<TokenLogprob> top) {

    public TokenLogprob {
        top = List.copyOf(top);
    }
}
