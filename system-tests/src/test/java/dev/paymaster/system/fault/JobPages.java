package dev.paymaster.system.fault;

import dev.paymaster.system.world.Answer;
import dev.paymaster.system.world.Api;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** All jobs of a caller, page by page. */
final class JobPages {
    private JobPages() {}

    static List<String> ids(Api api) {
        List<String> ids = new ArrayList<>();
        String path = "/api/jobs?limit=100";
        while (!path.isEmpty()) {
            Answer page = api.get(path).expect(200);
            page.json().path("data").forEach(job -> ids.add(job.path("id").stringValue()));
            JsonNode cursor = page.json().path("next_cursor");
            path = cursor.isString() ? "/api/jobs?limit=100&cursor=" + cursor.stringValue() : "";
        }
        return ids;
    }
}
