package dev.plexus.provider;

import dev.plexus.config.Provider;
import dev.plexus.dialect.ConversationDialect;
import dev.plexus.dialect.Dialect;
import dev.plexus.dialect.Dialects;
import dev.plexus.dialect.Drops;
import dev.plexus.dialect.Ids;
import dev.plexus.dialect.Outgoing;
import dev.plexus.dialect.RemoteMedia;
import dev.plexus.dialect.Traits;
import dev.plexus.dialect.Translation;
import dev.plexus.message.AttemptAsked;
import dev.plexus.model.DialectId;
import dev.plexus.model.Source;
import dev.plexus.model.TranslationOptions;
import dev.plexus.wire.MemberEdits;
import dev.plexus.wire.PathEdits;
import dev.plexus.wire.Pieces;
import dev.plexus.wire.TopLevelScan;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A request made fit for its target: the client's own bytes with a few edits where the target speaks the client's dialect, else a translation, which then
/// also takes the answer back. `headers` go with it; `translation` is null where nothing is translated.
record Preparation(Pieces body, Map<String, String> headers, @Nullable Translation translation) {

    /// Prepares the request for the target at `host`. A request that the client's dialect does not allow is a [dev.plexus.wire.JsonIn.Bad], one that this
    /// target cannot serve is [dev.plexus.dialect.Unsupported].
    static Preparation of(
            AttemptAsked asked, Dialect target, String host, Map<String, Source.Base64> fetched, long nowSeconds, Ids ids) {
        Provider provider = asked.candidate().provider();
        String model = asked.candidate().id().model();
        if (asked.dialect() == target.id()) {
            boolean inject = provider.injectStreamUsage() && asked.head().stream();
            Outgoing outgoing = new Outgoing(model, provider.extraBody(), inject, asked.stripAdaptiveThinking());
            Pieces body = target.writeBody(asked.body(), asked.head(), outgoing);
            if (asked.head().messageCount() > 1) { // only earlier answers need mending
                body = mended(ForeignEnvelopes.removed(body, target.id()), target.id(), new Traits(model, host, provider.translationOf(model)));
            }
            return new Preparation(fit(body, provider.translationOf(model)), Map.of(), null);
        }
        Translation translation = translation(asked, host, fetched, nowSeconds, ids);
        Pieces body = Pieces.of(translation.written().body());
        return new Preparation(fit(withExtra(body, provider.extraBody()), provider.translationOf(model)), translation.written().headers(), translation);
    }

    /// The addresses on the web that have to be fetched before the request can be prepared, which few targets need.
    static Set<String> toFetch(AttemptAsked asked) {
        DialectId target = asked.candidate().dialect();
        TranslationOptions options = asked.candidate().provider().translationOf(asked.candidate().id().model());
        if (target != DialectId.GEMINI || asked.dialect() == target || !"fetch".equals(options.remoteMedia())) {
            return Set.of();
        }
        return RemoteMedia.urls(conversation(Dialects.require(asked.dialect())).readRequest(asked.body().contiguous(), asked.head(), new Drops()));
    }

    /// The same with another body.
    Preparation withBody(Pieces other) {
        return new Preparation(other, headers, translation);
    }

    /// The translation between the client's dialect and the target's, which may be the same where an answer came in a form that the client cannot read.
    static Translation translation(AttemptAsked asked, String host, Map<String, Source.Base64> fetched, long nowSeconds, Ids ids) {
        Traits traits =
                new Traits(asked.candidate().id().model(), host, asked.candidate().provider().translationOf(asked.candidate().id().model()));
        return Translation.of(
                conversation(Dialects.require(asked.dialect())),
                asked.body(),
                asked.head(),
                conversation(Dialects.require(asked.candidate().dialect())),
                traits,
                fetched,
                nowSeconds,
                ids);
    }

    private static ConversationDialect conversation(Dialect dialect) {
        if (dialect instanceof ConversationDialect conversation) {
            return conversation;
        }
        throw new IllegalStateException("routing paired a dialect without conversations: " + dialect.id().label());
    }

    /// What a vendor refuses in its own dialect, mended.
    private static Pieces mended(Pieces body, DialectId dialect, Traits target) {
        return switch (dialect) {
            case RESPONSES -> ForeignItems.mended(body, target.stripsReasoningContent());
            case MESSAGES -> target.restrictsToolIds() ? ForeignIds.mended(body) : body;
            case CHAT, GEMINI, EMBEDDINGS, TRANSCRIPTIONS, SPEECH, IMAGES, OAUTH -> body;
        };
    }

    /// The body without what the operator says that this provider does not take, and with the names that it knows.
    private static Pieces fit(Pieces body, TranslationOptions options) {
        if (options.dropParams().isEmpty() && options.renameParams().isEmpty()) {
            return body;
        }
        byte[] fit = body.contiguous();
        for (String path : options.dropParams()) {
            byte[] less = PathEdits.remove(fit, path);
            fit = less == null ? fit : less;
        }
        for (Map.Entry<String, String> rename : options.renameParams().entrySet()) {
            byte[] renamed = PathEdits.rename(fit, rename.getKey(), rename.getValue());
            fit = renamed == null ? fit : renamed;
        }
        return Pieces.of(fit);
    }

    private static Pieces withExtra(Pieces body, Map<String, String> extra) {
        if (extra.isEmpty()) {
            return body;
        }
        return switch (TopLevelScan.scan(body, (_, _) -> {})) {
            case TopLevelScan.Outcome.Found(var members) -> {
                MemberEdits edits = new MemberEdits(members);
                extra.forEach((name, value) -> edits.set(name, MemberEdits.json(value)));
                yield edits.apply(body);
            }
            case TopLevelScan.Outcome.Unreadable(var complaint) -> throw new IllegalStateException("a writer wrote no object: " + complaint);
        };
    }
}
