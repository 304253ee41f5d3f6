package dev.plexus.provider;

import dev.plexus.dialect.Emitter;
import dev.plexus.dialect.Pen;
import dev.plexus.dialect.Splicer;
import dev.plexus.dialect.StreamDecoder;
import dev.plexus.dialect.Translation;
import dev.plexus.message.Resume;
import dev.plexus.tokens.TokenCounter;
import dev.plexus.wire.FrameSink;
import dev.plexus.wire.Pieces;
import org.jspecify.annotations.Nullable;

/// How one attempt goes on with a stream that another target began: with the text so far as the assistant's turn where the target takes that
/// (`prefilled` is the body then), else from the beginning, with what is known left out.
final class Resumption {

    private final Resume resume;
    private final Translation translation;
    private final boolean asArray;
    private @Nullable Pieces prefilled;

    Resumption(Resume resume, Translation translation, boolean asArray, @Nullable Pieces prefilled) {
        this.resume = resume;
        this.translation = translation;
        this.asArray = asArray;
        this.prefilled = prefilled;
    }

    Translation translation() {
        return translation;
    }

    /// The body with the text so far; null where the answer is begun again.
    @Nullable Pieces prefilled() {
        return prefilled;
    }

    /// The target takes no turn that was begun. False if it was not given one.
    boolean beginAgain() {
        boolean was = prefilled != null;
        prefilled = null;
        return was;
    }

    Course course() {
        FrameSink sink = resume.pen() == null ? new FrameSink(asArray) : resume.pen().sink();
        Pen pen = resume.pen() == null ? translation.pen(sink, resume.told()) : resume.pen();
        boolean continues = prefilled != null;
        Splicer splicer = new Splicer(pen, resume.told(), resume.text(), continues, continues ? TokenCounter.text(resume.text()) : 0);
        TranslatingCourse[] course = new TranslatingCourse[1];
        Emitter emitter = translation.emitter(event -> course[0].event(event));
        StreamDecoder decoder = translation.decoder(emitter);
        course[0] = new TranslatingCourse(sink, asArray, pen.encoder(), emitter, decoder, splicer, resume.told());
        return course[0];
    }
}
