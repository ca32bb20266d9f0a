package dev.paymaster.stripesandbox.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paymaster.stripesandbox.state.Json;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FormTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "a=1                              | {\"a\":\"1\"}",
                "a=1&a=2                          | {\"a\":\"2\"}",
                "a                                | {\"a\":\"\"}",
                "a=                               | {\"a\":\"\"}",
                "a=b=c                            | {\"a\":\"b=c\"}",
                "&&a=1&                           | {\"a\":\"1\"}",
                "a=x+y%20z                        | {\"a\":\"x y z\"}",
                "a=%C3%A4%E2%82%AC                | {\"a\":\"ä€\"}",
                "a[b]=1&a[c]=2                    | {\"a\":{\"b\":\"1\",\"c\":\"2\"}}",
                "a%5Bb%5D=1                       | {\"a\":{\"b\":\"1\"}}",
                "a[b][c][d]=1                     | {\"a\":{\"b\":{\"c\":{\"d\":\"1\"}}}}",
                "a[]=1&a[]=2                      | {\"a\":{\"0\":\"1\",\"1\":\"2\"}}",
                "a[1]=y&a[0]=x                    | {\"a\":{\"1\":\"y\",\"0\":\"x\"}}",
                "a[0][b]=1&a[0][c]=2&a[1][b]=3    | {\"a\":{\"0\":{\"b\":\"1\",\"c\":\"2\"},\"1\":{\"b\":\"3\"}}}",
                "a[][b]=1&a[][c]=2&a[][b]=3       | {\"a\":{\"0\":{\"b\":\"1\",\"c\":\"2\"},\"1\":{\"b\":\"3\"}}}",
            })
    void decodesBrackets(String form, String json) {
        assertThat(Form.decode(form)).isEqualTo(Json.MAPPER.readTree(json));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "=1",
                "[a]=1",
                "]=1",
                "a[=1",
                "a]=1",
                "a[b=1",
                "a[b]]=1",
                "a[b]c=1",
                "a[[b]]=1",
                "a=%",
                "a=%4",
                "a=%GG",
                "a=%ff",
                "a=%C3",
                "%00=1",
                "a=%00",
                "a=1&a[b]=2",
                "a[b]=2&a=1",
                "a[b]=1&a[b][c]=2",
                "a=\u00ff",
                "a[b][c][d][e][f][g][h][i]=1",
                "a=%\uff11\uff11"
            })
    void refusesWhatCannotBeDecoded(String form) {
        assertThatThrownBy(() -> Form.decode(form))
                .isInstanceOfSatisfying(
                        StripeRefusal.class,
                        refusal -> assertThat(refusal.status()).isEqualTo(400));
    }

    @Test
    void refusesTooManyParameters() {
        String form = IntStream.range(0, 2_001).mapToObj(i -> "a" + i + "=1").collect(Collectors.joining("&"));

        assertThatThrownBy(() -> Form.decode(form)).isInstanceOf(StripeRefusal.class);
    }

    @Test
    void neverFailsOtherwise() {
        long seed = 20_260_729;
        Random random = new Random(seed);
        String alphabet = "ab01[]%=&+ \u00e9\u0000CF";
        for (int i = 0; i < 20_000; i++) {
            String form = random.ints(random.nextInt(30), 0, alphabet.length())
                    .mapToObj(c -> alphabet.substring(c, c + 1))
                    .collect(Collectors.joining());
            try {
                assertThat(Form.decode(form).isObject()).isTrue();
            } catch (StripeRefusal refusal) {
                assertThat(refusal.status()).as("seed %d: %s", seed, form).isEqualTo(400);
            }
        }
    }
}
