package dev.plexus.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A YAML document as a tree of values that know their place. Merge keys and aliases are resolved: nodes may be shared, but there are no cycles.
sealed interface Tree {

    /// Where the value begins.
    Place place();

    /// What the YAML 1.2 core schema takes a scalar for.
    enum Sort {
        TEXT,
        WHOLE,
        DECIMAL,
        FLAG,
        NOTHING
    }

    /// How the text of a scalar came about: `EXPANDED` text may hold a secret and is never shown, `UNRESOLVED` text has been reported already.
    enum Origin {
        WRITTEN,
        EXPANDED,
        UNRESOLVED
    }

    record Scalar(String text, Sort sort, Origin origin, Place place) implements Tree {}

    record Sequence(List<Tree> items, Place place) implements Tree {}

    record Mapping(List<Member> members, Place place) implements Tree {}

    /// A key of a mapping, where it stands, and its value.
    record Member(String name, Place place, Tree value) {}

    /// True for a YAML null, which everywhere means the same as leaving the key out.
    static boolean isNothing(@Nullable Tree tree) {
        return tree == null || (tree instanceof Scalar scalar && scalar.sort() == Sort.NOTHING);
    }
}
