package dev.plexus.house.planted.dialect.second;

/// Innocent.
public record SecondDialect() {}
