package dev.plexus.message;

/// Which models of the live price list have this text in their ids?
public record PricesAsked(String text) {}
