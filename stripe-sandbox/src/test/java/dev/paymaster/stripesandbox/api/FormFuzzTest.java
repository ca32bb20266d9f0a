package dev.paymaster.stripesandbox.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Whatever a form holds is decoded, so that encoding it leads to the same again, or refused as Stripe does. */
class FormFuzzTest {
    private static final List<String> PARTS =
            List.of("a", "b", "[", "]", "[]", "[0]", "=", "&", "%", "%5B", "%c3%a4", "+", "1");

    @FuzzTest(maxDuration = "2s")
    void decodesOrRefuses(FuzzedDataProvider data) {
        StringBuilder form = new StringBuilder();
        while (data.remainingBytes() > 0) {
            form.append(data.consumeBoolean() ? data.pickValue(PARTS) : data.consumeString(3));
        }
        ObjectNode decoded;
        try {
            decoded = Form.decode(form.toString());
        } catch (StripeRefusal refusal) {
            assertThat(refusal.status()).isEqualTo(400);
            return;
        }
        assertThat(Form.decode(encode(decoded))).as("%s", form).isEqualTo(decoded);
    }

    private static String encode(ObjectNode decoded) {
        List<String> pairs = new ArrayList<>();
        decoded.properties().forEach(each -> encode(escape(each.getKey()), each.getValue(), pairs));
        return String.join("&", pairs);
    }

    private static void encode(String name, JsonNode value, List<String> pairs) {
        if (value.isObject()) {
            value.properties()
                    .forEach(each -> encode(name + "[" + escape(each.getKey()) + "]", each.getValue(), pairs));
        } else {
            pairs.add(name + "=" + escape(value.stringValue()));
        }
    }

    private static String escape(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
