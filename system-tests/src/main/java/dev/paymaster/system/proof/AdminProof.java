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

    /**
     * Every difference that it finds, over everything there is.
     *
     * @param admin with an administrator's key
     */
    public static List<String> differences(Api admin) {
        List<String> differences = new ArrayList<>();
        @Nullable String cursor = "";
        while (cursor != null) {
            Answer page = admin.get("/api/admin/proof?seconds=20&stripe_pages=50" + cursor)
                    .expect(200);
            page.json().path("differences").forEach(each -> differences.add(each.toString()));
            JsonNode next = page.json().path("next_cursor");
            cursor = next.isString() ? "&cursor=" + next.stringValue() : null;
        }
        return differences;
    }
}
