package dev.paymaster.stripesandbox.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paymaster.stripesandbox.state.Json;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class ParametersTest {
    private static final Parameters PARAMETERS = Parameters.NONE
            .required("name", ParameterType.text())
            .optional("amount", ParameterType.integer(1, 1_000))
            .optional("flag", ParameterType.bool())
            .optional("note", ParameterType.unsettable(ParameterType.text()))
            .optional("metadata", ParameterType.metadata())
            .optional("url", ParameterType.url())
            .optional("created", ParameterType.timeRange())
            .optional("kind", ParameterType.choice("one", "two"))
            .optional(
                    "lines",
                    ParameterType.list(ParameterType.object(Parameters.NONE.required("price", ParameterType.text()))));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "name=n                                | {\"name\":\"n\"}",
                "name=n&amount=1000                    | {\"name\":\"n\",\"amount\":1000}",
                "name=n&flag=false                     | {\"name\":\"n\",\"flag\":false}",
                "name=n&note=                          | {\"name\":\"n\",\"note\":null}",
                "name=n&metadata[0]=zero               | {\"name\":\"n\",\"metadata\":{\"0\":\"zero\"}}",
                "name=n&metadata=                      | {\"name\":\"n\",\"metadata\":null}",
                "name=n&created[gte]=5                 | {\"name\":\"n\",\"created\":{\"gte\":5}}",
                "name=n&lines[1][price]=b&lines[0][price]=a | {\"name\":\"n\",\"lines\":[{\"price\":\"a\"},{\"price\":\"b\"}]}",
                "name=n&expand[]=x                     | {\"name\":\"n\",\"expand\":[\"x\"]}",
            })
    void readsTypedValues(String form, String json) {
        JsonNode expected = Json.MAPPER.readTree(json);

        assertThat(PARAMETERS.read(Form.decode(form)).toString()).isEqualTo(expected.toString());
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            delimiter = '|',
            value = {
                "amount=1                | parameter_missing         | name",
                "name=                   | parameter_invalid_empty   | name",
                "name[a]=1               | -                         | name",
                "name=n&nmae=1           | parameter_unknown         | nmae",
                "name=n&lines[0][prise]=1| parameter_unknown         | lines[0][prise]",
                "name=n&lines[0][x][y]=1 | parameter_unknown         | lines[0][x]",
                "name=n&lines[a][price]=1| -                         | lines",
                "name=n&lines=1          | -                         | lines",
                "name=n&lines[0]=1       | -                         | lines[0]",
                "name=n&amount=0         | parameter_invalid_integer | amount",
                "name=n&amount=1001      | parameter_invalid_integer | amount",
                "name=n&amount=1.5       | parameter_invalid_integer | amount",
                "name=n&amount=1e3       | parameter_invalid_integer | amount",
                "name=n&amount=99999999999999999999 | parameter_invalid_integer | amount",
                "name=n&amount[]=1       | -                         | amount",
                "name=n&flag=yes         | -                         | flag",
                "name=n&url=javascript:alert(1) | url_invalid        | url",
                "name=n&kind=three       | -                         | kind",
                "name=n&metadata=x       | -                         | metadata",
                "name=n&metadata[a][b]=x | -                         | metadata[a]",
                "name=n&created[from]=1  | parameter_unknown         | created[from]",
                "name=n&expand=x         | -                         | expand",
            })
    void refusesInStripesWords(String form, String code, String param) {
        assertThatThrownBy(() -> PARAMETERS.read(Form.decode(form)))
                .isInstanceOfSatisfying(StripeRefusal.class, refusal -> {
                    JsonNode error = refusal.body().required("error");
                    assertThat(refusal.status()).isEqualTo(400);
                    assertThat(Json.text(error, "type")).isEqualTo("invalid_request_error");
                    assertThat(Json.text(error, "code")).isEqualTo(code);
                    assertThat(Json.text(error, "param")).isEqualTo(param);
                    assertThat(Json.text(error, "message")).isNotBlank();
                });
    }
}
