package dev.plexus.model;

import java.util.List;

/// One message, with the boundaries and the order in which the client sent it. Results of tools are parts of user messages.
public record Message(Role role, List<Part> parts) {

    public Message {
        parts = List.copyOf(parts);
    }

    /// Who speaks.
    public enum Role {
        SYSTEM,
        /// A system message by the application's developer, for vendors that tell the two apart.
        DEVELOPER,
        USER,
        ASSISTANT;

        public boolean isSystem() {
            return this == SYSTEM || this == DEVELOPER;
        }
    }
}
