package dev.plexus.dialect.fuzz;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// Where the values of a compact JSON text are.
final class Spans {

    private Spans() {}

    /// Begin and end of every value, of containers too; names of members are none.
    static List<int[]> values(String json) {
        List<int[]> found = new ArrayList<>();
        Deque<Integer> open = new ArrayDeque<>();
        for (int at = 0; at < json.length(); ) {
            char one = json.charAt(at);
            if (one == '{' || one == '[') {
                open.push(at++);
            } else if (one == '}' || one == ']') {
                found.add(new int[] {open.pop(), ++at});
            } else if (one == '"') {
                int end = stringEnd(json, at);
                if (end >= json.length() || json.charAt(end) != ':') {
                    found.add(new int[] {at, end});
                }
                at = end;
            } else if (one == ',' || one == ':') {
                at++;
            } else {
                int end = at;
                while (end < json.length() && ",]}".indexOf(json.charAt(end)) < 0) {
                    end++;
                }
                found.add(new int[] {at, end});
                at = end;
            }
        }
        return found;
    }

    private static int stringEnd(String json, int quote) {
        int at = quote + 1;
        while (json.charAt(at) != '"') {
            at += json.charAt(at) == '\\' ? 2 : 1;
        }
        return at + 1;
    }
}
