package dev.paymaster.stripesandbox.pages;

import dev.paymaster.stripesandbox.http.Reply;
import dev.paymaster.stripesandbox.state.Filter;
import dev.paymaster.stripesandbox.state.Json;
import dev.paymaster.stripesandbox.state.Kind;
import dev.paymaster.stripesandbox.state.Store;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** The Express dashboard at a login link's {@code url}: what a connected account was paid. */
final class ExpressPage {
    private static final int SHOWN = 20;

    private final Store store;

    ExpressPage(Store store) {
        this.store = store;
    }

    Reply.Answer show(String account) {
        return store.transact(() -> {
            if (store.find(Kind.ACCOUNT, account) == null) {
                return Pages.notFound();
            }
            Filter own = Filter.field("/destination", account);
            long total = store.newestFirst(Kind.TRANSFER, own)
                    .mapToLong(transfer -> transfer.required("amount").longValue())
                    .sum();
            List<ObjectNode> latest =
                    store.newestFirst(Kind.TRANSFER, own).limit(SHOWN).toList();
            return Reply.html(200, page(account, total, latest));
        });
    }

    private static String page(String account, long total, List<ObjectNode> latest) {
        StringBuilder rows = new StringBuilder();
        for (ObjectNode transfer : latest) {
            rows.append("<tr><td><code>%s</code></td><td>%s</td></tr>"
                    .formatted(
                            Html.escape(Json.require(transfer, "id")),
                            Html.dollars(transfer.required("amount").longValue())));
        }
        return Html.page("Earnings", """
                <h1>%s earned</h1>
                <p class="soft">Account <code>%s</code>, latest transfers first</p>
                <table><tbody>%s</tbody></table>
                """.formatted(Html.dollars(total), Html.escape(account), rows));
    }
}
