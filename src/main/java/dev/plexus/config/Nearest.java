package dev.plexus.config;

import java.util.Collection;

/// Guesses what a person meant by a word that is not known.
final class Nearest {

    private static final int DISTANCE_MAX = 2;
    /// In a word below this length two edits leave nothing of it.
    private static final int SHORT = 5;

    private Nearest() {}

    /// `; did you mean "x"?` for the closest word within two edits, else nothing.
    static String hint(String word, Collection<String> known) {
        String best = "";
        int least = (word.length() < SHORT ? 1 : DISTANCE_MAX) + 1;
        for (String candidate : known) {
            int distance = distance(word, candidate);
            if (distance < least) {
                least = distance;
                best = candidate;
            }
        }
        return best.isEmpty() ? "" : "; did you mean \"" + best + "\"?";
    }

    /// How many letters must be put in, taken out, changed or swapped with their neighbour; more than the bound is not counted out.
    static int distance(String from, String to) {
        if (Math.abs(from.length() - to.length()) > DISTANCE_MAX) {
            return DISTANCE_MAX + 1;
        }
        int[][] steps = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            for (int j = 0; j <= to.length(); j++) {
                if (i == 0 || j == 0) {
                    steps[i][j] = i + j;
                    continue;
                }
                int change = from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1;
                int fewest = Math.min(steps[i - 1][j - 1] + change, Math.min(steps[i - 1][j], steps[i][j - 1]) + 1);
                if (i > 1 && j > 1 && from.charAt(i - 1) == to.charAt(j - 2) && from.charAt(i - 2) == to.charAt(j - 1)) {
                    fewest = Math.min(fewest, steps[i - 2][j - 2] + 1);
                }
                steps[i][j] = fewest;
            }
        }
        return steps[from.length()][to.length()];
    }
}
