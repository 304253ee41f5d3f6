/// Generated conversations, answers and damage, over every pair of dialects: `mvn -Pfuzz verify` runs a hundred thousand cases, the normal build some
/// thousands.
@NullMarked
package dev.plexus.dialect.fuzz;

import org.jspecify.annotations.NullMarked;
