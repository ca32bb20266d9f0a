package dev.paymaster.system.proof;

import dev.paymaster.system.world.Answer;
import dev.paymaster.system.world.Api;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The proof that administrators ask for, page by page. */
public final class AdminProof {
    private AdminProof() {}

    /** Something that is not as it must be: the rule that it breaks, what it is about, and more in words. */
    public record Difference(String rule, String subject, String detail) {
        /** Without the words. */
        public String what() {
            return rule + " " + subject;
        }
    }

    /**
     * Every difference that it finds, over everything there is.
     *
     * @param admin with an administrator's key
     */
    public static List<Difference> differences(Api admin) {
        List<Difference> differences = new ArrayList<>();
        @Nullable String cursor = "";
        while (cursor != null) {
            Answer page = admin.get("/api/admin/proof?seconds=20&stripe_pages=200&all=true" + cursor)
                    .expect(200);
            page.json()
                    .path("differences")
                    .forEach(each -> differences.add(new Difference(
                            each.path("rule").asString(""),
                            each.path("subject").asString(""),
                            each.path("detail").asString(""))));
            JsonNode next = page.json().path("next_cursor");
            cursor = next.isString() ? "&cursor=" + next.stringValue() : null;
        }
        return differences;
    }
}
