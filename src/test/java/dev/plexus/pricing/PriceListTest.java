package dev.plexus.pricing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PriceListTest {

    private static PriceList read(String json) throws IOException {
        return PriceList.read(json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void rates_are_exact_and_a_missing_cache_rate_stays_missing() throws IOException {
        PriceList list = read("""
                {"extra":[1],"data":[{"id":"a/b","name":"B","pricing":{"prompt":"0.0000001","completion":"3e-7","image":"0","input_cache_read":"0.00000001"}}]}
                """);

        TokenRates rates = list.rates("a/b");
        assertThat(rates).isNotNull();
        assertThat(rates.prompt()).isEqualByComparingTo(new BigDecimal("1e-7"));
        assertThat(rates.completion()).isEqualByComparingTo(new BigDecimal("3e-7"));
        assertThat(rates.inputCacheRead()).isEqualByComparingTo(new BigDecimal("1e-8"));
        assertThat(rates.inputCacheWrite()).isNull();
        assertThat(list.rates("a/c")).isNull();
    }

    @Test
    void models_whose_price_varies_or_cannot_be_read_have_none() throws IOException {
        PriceList list = read("""
                {"data":[{"id":"auto","pricing":{"prompt":"-1","completion":"-1"}},{"id":"none"},{"pricing":{}},7,
                 {"id":"words","pricing":{"prompt":"cheap","completion":"0"}},{"id":"ok","pricing":{"prompt":0,"completion":0}}]}
                """);

        assertThat(list.size()).isEqualTo(1);
        assertThat(list.rates("ok")).isNotNull();
    }

    @Test
    void models_that_begin_with_the_text_are_found_first() throws IOException {
        PriceList list = read("""
                {"data":[{"id":"z/gpt","pricing":{"prompt":"0","completion":"0"}},{"id":"GPT/b","pricing":{"prompt":"0","completion":"0"}},
                 {"id":"a/gpt","pricing":{"prompt":"0","completion":"0"}},{"id":"gpt/a","pricing":{"prompt":"0","completion":"0"}}]}
                """);

        assertThat(list.search("gpt")).containsExactly("GPT/b", "gpt/a", "a/gpt", "z/gpt");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{}", "{\"data\":{}}", "{\"data\":[{\"id\":\"a\"", "<html>"})
    void what_is_no_list_is_refused(String text) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(IOException.class);
    }
}
