package dev.plexus.routing;

import dev.plexus.config.Target;
import dev.plexus.model.TargetId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Puts the target that a conversation is used to before the others. One that is no candidate any more stays out: nothing is brought back that a filter
/// has taken away.
final class Preference {

    private Preference() {}

    static List<Target> first(List<Target> ordered, @Nullable TargetId preferred) {
        for (int index = 1; preferred != null && index < ordered.size(); index++) {
            Target target = ordered.get(index);
            if (target.model().equals(preferred.model()) && target.provider().equals(preferred.provider())) {
                List<Target> changed = new ArrayList<>(ordered);
                changed.remove(index);
                changed.addFirst(target);
                return changed;
            }
        }
        return ordered;
    }
}
