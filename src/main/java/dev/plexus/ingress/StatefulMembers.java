package dev.plexus.ingress;

import dev.plexus.dialect.RequestHead;
import dev.plexus.model.ErrorKind;
import dev.plexus.model.GatewayError;
import dev.plexus.wire.TopLevel;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Members of a Responses request that refer to stored state: refused with a clear word as long as the gateway keeps none.
final class StatefulMembers {

    private static final Set<String> NAMES = Set.of("previous_response_id", "conversation");
    private static final int NULL_BYTES = 4;

    private StatefulMembers() {}

    static @Nullable GatewayError refuse(Operation operation, RequestHead head) {
        if (operation != Operation.RESPONSES) {
            return null;
        }
        for (TopLevel.Member member : head.members().members()) {
            boolean isNull = member.valueTo() - member.valueFrom() == NULL_BYTES;
            if (NAMES.contains(member.name()) && !isNull) {
                return GatewayError.of(
                                ErrorKind.INVALID_REQUEST,
                                "unsupported_parameter",
                                "'" + member.name() + "' is not supported: this gateway does not store responses")
                        .withParam(member.name());
            }
        }
        return null;
    }
}
