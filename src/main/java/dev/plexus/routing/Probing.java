package dev.plexus.routing;

import dev.plexus.message.Candidate;
import dev.plexus.message.CooldownView;
import dev.plexus.message.ProbeLeases;
import java.util.ArrayList;
import java.util.List;

/// Keeps a crowd away from a target whose cooldown has just passed: one request tries it, the others treat it as cooling until that one has ended
/// (routing.md 9). Where there is nobody else to ask, all go through.
final class Probing {

    private Probing() {}

    static List<Candidate> guard(List<Candidate> candidates, CooldownView cooldowns, ProbeLeases leases, long now) {
        if (candidates.size() < 2 || candidates.stream().noneMatch(Probing::isOnTrial)) {
            return candidates;
        }
        List<Candidate> kept = new ArrayList<>(candidates.size());
        for (Candidate candidate : candidates) {
            if (!isOnTrial(candidate) || mayTry(candidate, kept.isEmpty(), cooldowns, leases, now)) {
                kept.add(candidate);
            }
        }
        return kept.isEmpty() ? candidates : kept;
    }

    private static boolean isOnTrial(Candidate candidate) {
        return candidate.recovering() && !candidate.provider().disableCooldown();
    }

    /// Only the first candidate is certain to be tried; a later one takes no lease that nobody may use.
    private static boolean mayTry(Candidate candidate, boolean first, CooldownView cooldowns, ProbeLeases leases, long now) {
        CooldownView.Entry entry = cooldowns.of(candidate.id());
        long failedAt = entry == null ? 0 : entry.lastFailureAt();
        return first ? leases.take(candidate.id(), now, failedAt) : !leases.isTaken(candidate.id(), now, failedAt);
    }
}
