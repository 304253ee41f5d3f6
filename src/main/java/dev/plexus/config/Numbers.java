package dev.plexus.config;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/// The numbers that YAML 1.2 can write.
final class Numbers {

    private static final int LENGTH_MAX = 60;
    private static final int SCALE_MAX = 60;

    private Numbers() {}

    /// The number, or null when the scalar is no finite number of a sane size.
    static @Nullable BigDecimal parse(Tree.Scalar scalar) {
        String text = scalar.text().strip();
        boolean numeric =
                switch (scalar.sort()) {
                    case WHOLE, DECIMAL -> true;
                    case TEXT -> scalar.origin() == Tree.Origin.EXPANDED && TreeReader.sortOf(text) != Tree.Sort.TEXT;
                    case FLAG, NOTHING -> false;
                };
        if (!numeric || text.length() > LENGTH_MAX) {
            return null;
        }
        try {
            if (text.startsWith("0x")) {
                return new BigDecimal(new BigInteger(text.substring(2), 16));
            }
            if (text.startsWith("0o")) {
                return new BigDecimal(new BigInteger(text.substring(2), 8));
            }
            BigDecimal number = new BigDecimal(text);
            return Math.abs((long) number.scale()) > SCALE_MAX ? null : number;
        } catch (NumberFormatException _) {
            return null;
        }
    }

    /// True for `.inf`.
    static boolean isInfinite(Tree.Scalar scalar) {
        String text = scalar.text();
        return scalar.sort() == Tree.Sort.DECIMAL && (text.startsWith("+") ? text.substring(1) : text).equalsIgnoreCase(".inf");
    }

    /// The truth value, or null.
    static @Nullable Boolean flag(Tree.Scalar scalar) {
        boolean isFlag = scalar.sort() == Tree.Sort.FLAG
                || (scalar.sort() == Tree.Sort.TEXT
                        && scalar.origin() == Tree.Origin.EXPANDED
                        && TreeReader.sortOf(scalar.text()) == Tree.Sort.FLAG);
        return isFlag ? scalar.text().equalsIgnoreCase("true") : null;
    }
}
