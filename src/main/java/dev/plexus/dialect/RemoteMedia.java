package dev.plexus.dialect;

import dev.plexus.model.ChatRequest;
import dev.plexus.model.Message;
import dev.plexus.model.Part;
import dev.plexus.model.Source;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// What of a request lies on the web, and the request with it in the place of the address: for targets that cannot fetch it themselves. The fetching is done
/// by whoever may.
public final class RemoteMedia {

    private RemoteMedia() {}

    /// The web addresses of the request's media, each once, in order; without those that Google's own service knows (`gs://`, its files, YouTube).
    public static Set<String> urls(ChatRequest request) {
        Set<String> urls = new LinkedHashSet<>();
        request.messages().forEach(message -> message.parts().forEach(part -> collect(part, urls)));
        return urls;
    }

    private static void collect(Part part, Set<String> urls) {
        switch (part) {
            case Part.Image image -> collect(image.source(), urls);
            case Part.Audio audio -> collect(audio.source(), urls);
            case Part.Video video -> collect(video.source(), urls);
            case Part.Document document -> collect(document.source(), urls);
            case Part.ToolResult result -> result.parts().forEach(inner -> collect(inner, urls));
            case Part.Text _, Part.Refusal _, Part.SearchResult _, Part.Thinking _, Part.ToolCall _, Part.Opaque _ -> {}
        }
    }

    private static void collect(Source source, Set<String> urls) {
        switch (source) {
            case Source.Url(var url, _) -> {
                if (isForeign(url)) {
                    urls.add(url);
                }
            }
            case Source.Parts(var parts) -> parts.forEach(inner -> collect(inner, urls));
            case Source.Base64 _, Source.File _, Source.Text _ -> {}
        }
    }

    private static boolean isForeign(String url) {
        String lower = url.toLowerCase(Locale.ROOT);
        boolean isWeb = lower.startsWith("http://") || lower.startsWith("https://");
        boolean isYouTube = lower.startsWith("https://www.youtube.com/") || lower.startsWith("https://youtube.com/") || lower.startsWith("https://youtu.be/");
        return isWeb && !isYouTube && !lower.startsWith("https://generativelanguage.googleapis.com/");
    }

    /// The request with what was fetched in the place of its addresses.
    public static ChatRequest inlined(ChatRequest request, Map<String, Source.Base64> fetched) {
        if (fetched.isEmpty()) {
            return request;
        }
        List<Message> messages = new ArrayList<>(request.messages().size());
        request.messages().forEach(message -> messages.add(new Message(message.role(), inlined(message.parts(), fetched))));
        return request.withMessages(messages);
    }

    private static List<Part> inlined(List<Part> parts, Map<String, Source.Base64> fetched) {
        return parts.stream().map(part -> inlined(part, fetched)).toList();
    }

    private static Part inlined(Part part, Map<String, Source.Base64> fetched) {
        return switch (part) {
            case Part.Image(var source, var detail, var cache) -> new Part.Image(inlined(source, fetched), detail, cache);
            case Part.Audio(var source, var format) -> new Part.Audio(inlined(source, fetched), format);
            case Part.Video(var source) -> new Part.Video(inlined(source, fetched));
            case Part.Document(var source, var filename, var title, var context, var citations, var cache) ->
                new Part.Document(inlined(source, fetched), filename, title, context, citations, cache);
            case Part.ToolResult(var callId, var name, var parts, var isError, var kind, var cache) ->
                new Part.ToolResult(callId, name, inlined(parts, fetched), isError, kind, cache);
            case Part.Text _, Part.Refusal _, Part.SearchResult _, Part.Thinking _, Part.ToolCall _, Part.Opaque _ -> part;
        };
    }

    private static Source inlined(Source source, Map<String, Source.Base64> fetched) {
        return switch (source) {
            case Source.Url(var url, _) -> {
                Source.Base64 there = fetched.get(url);
                yield there == null ? source : there;
            }
            case Source.Parts(var parts) -> new Source.Parts(inlined(parts, fetched));
            case Source.Base64 _, Source.File _, Source.Text _ -> source;
        };
    }
}
