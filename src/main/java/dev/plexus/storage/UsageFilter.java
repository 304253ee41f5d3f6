package dev.plexus.storage;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Which usage records are meant: conditions joined by "and", each with its parameter. Single-threaded.
public final class UsageFilter {

    /// A column that can be compared for equality.
    public enum Exact {
        INCOMING_API_TYPE,
        OUTGOING_API_TYPE,
        RESPONSE_STATUS,
        API_KEY,
        ATTRIBUTION,
        FINISH_REASON
    }

    /// A column that can be searched for a part of it, whatever the case.
    public enum Part {
        PROVIDER,
        INCOMING_MODEL_ALIAS,
        SELECTED_MODEL_NAME
    }

    private static final String ANYWHERE = "lower(coalesce(%s, '')) like #{%s} escape '!'";

    private final List<String> conditions = new ArrayList<>();
    private final Map<String, Object> parameters = new HashMap<>();

    /// From this epoch millisecond on.
    public UsageFilter from(long millis) {
        return add("u.start_time >= #{from}", "from", millis);
    }

    /// Up to this epoch millisecond, which is included.
    public UsageFilter to(long millis) {
        return add("u.start_time <= #{to}", "to", millis);
    }

    /// Older than this record, in the order of lists.
    public UsageFilter before(long startTime, long id) {
        parameters.put("before_id", id);
        return add("(u.start_time < #{before} or (u.start_time = #{before} and u.id < #{before_id}))", "before", startTime);
    }

    public UsageFilter exactly(Exact column, String value) {
        String name = column.name().toLowerCase(Locale.ROOT);
        return add("u." + name + " = #{" + name + "}", name, value);
    }

    public UsageFilter containing(Part column, String part) {
        String name = column.name().toLowerCase(Locale.ROOT);
        return add(ANYWHERE.formatted("u." + name, name), name, pattern(part));
    }

    /// The part in the id, the alias, the model, the provider or the key.
    public UsageFilter anywhere(String part) {
        String text = "coalesce(u.request_id, '') || ' ' || coalesce(u.incoming_model_alias, '') || ' ' || coalesce(u.selected_model_name, '')"
                + " || ' ' || coalesce(u.provider, '') || ' ' || coalesce(u.api_key, '')";
        return add("lower(" + text + ") like #{q} escape '!'", "q", pattern(part));
    }

    public UsageFilter lastingAtLeast(long millis) {
        return add("u.duration_ms >= #{min_duration}", "min_duration", millis);
    }

    public UsageFilter lastingAtMost(long millis) {
        return add("u.duration_ms <= #{max_duration}", "max_duration", millis);
    }

    public UsageFilter costingAtLeast(double dollars) {
        return add("u.cost_total >= #{min_cost}", "min_cost", dollars);
    }

    public UsageFilter streamed(boolean is) {
        return add("u.is_streamed = #{streamed}", "streamed", is ? 1 : 0);
    }

    public UsageFilter withError(boolean has) {
        conditions.add((has ? "" : "not ") + "exists (select 1 from inference_errors e where e.request_id = u.request_id)");
        return this;
    }

    private UsageFilter add(String condition, String name, Object value) {
        conditions.add(condition);
        parameters.put(name, value);
        return this;
    }

    /// With its own wildcards taken literally.
    private static String pattern(String part) {
        return "%" + part.toLowerCase(Locale.ROOT).replace("!", "!!").replace("%", "!%").replace("_", "!_") + "%";
    }

    String where() {
        return conditions.isEmpty() ? "" : " where " + String.join(" and ", conditions);
    }

    Map<String, Object> parameters() {
        return new HashMap<>(parameters);
    }
}
