package dev.plexus.routing;

import dev.plexus.config.Alias;
import dev.plexus.config.Config;
import dev.plexus.config.TargetGroup;
import dev.plexus.model.AliasName;
import dev.plexus.model.ProviderId;
import org.jspecify.annotations.Nullable;

/// One group of an alias, reached by `direct/<alias>/<group>`. A provider of the same name is meant before an alias.
record DirectGroup(Alias alias, TargetGroup group) {

    /// What this path after `direct/` leads to, or null when it is no group.
    static @Nullable DirectGroup find(Config config, String path) {
        int first = path.indexOf('/');
        int last = path.lastIndexOf('/');
        if (first <= 0 || config.providers().containsKey(new ProviderId(path.substring(0, first)))) {
            return null;
        }
        Alias alias = config.aliases().get(new AliasName(path.substring(0, last)));
        if (alias == null) {
            return null;
        }
        for (TargetGroup group : alias.groups()) {
            if (group.name().equals(path.substring(last + 1))) {
                return new DirectGroup(alias, group);
            }
        }
        return null;
    }
}
