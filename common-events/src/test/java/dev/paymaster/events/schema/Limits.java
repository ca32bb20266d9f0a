package dev.paymaster.events.schema;

import static java.util.Map.entry;

import dev.paymaster.events.Text;
import dev.paymaster.events.credit.CreditCommand;
import java.lang.reflect.Field;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the constructors of commands refuse, as far as a schema can say it of one field. A rule between two fields isn't
 * here, so a message may suit its schema and be refused all the same.
 */
final class Limits {
    private static final Map<String, Consumer<ObjectNode>> OF_FIELDS = Map.ofEntries(
            entry("CreateJob.skill", text(Text.MAX_LINE)),
            entry("CreateJob.prompt", text(Text.MAX_BODY)),
            entry("CreateJob.title", atMost(Text.MAX_LINE)),
            entry("CreateJob.criteria", atMost(Text.MAX_BODY)),
            entry("SubmitJob.output", text(Text.MAX_BODY)),
            entry("VerifyJob.reasoning", atMost(Text.MAX_BODY)),
            entry("VerifyJob.scores", names(Text.MAX_LINE)),
            entry("TimeOutJob.sequence", Limits::positive),
            entry("GrantCredits.amount", amount(CreditCommand.MAX_AMOUNT)),
            entry("GrantCredits.reason", text(Text.MAX_LINE)),
            entry("ReviewPurchase.purchase", text(Text.MAX_LINE)),
            entry(
                    "SetBalanceThreshold.credits",
                    schema -> schema.put("minimum", 1).put("maximum", CreditCommand.MAX_AMOUNT)),
            entry("SchedulePayout.amountCents", Limits::positive),
            entry("ApplyAccountStatus.accountId", text(Text.MAX_LINE)),
            entry("ApplyAccountStatus.transfers", atMost(Text.MAX_LINE)),
            entry("ApplyTransferOutcome.calls", Limits::positive),
            entry("ApplyReversal.transferId", text(Text.MAX_LINE)),
            entry("ApplyReversal.reversedCents", Limits::positive),
            entry("ApplyReversalOutcome.transferId", text(Text.MAX_LINE)),
            entry("ApplyReversalOutcome.calls", Limits::positive),
            entry("ReversePayout.reason", text(Text.MAX_LINE)));

    private Limits() {}

    static void add(ObjectNode schema, Field field) {
        String name = field.getDeclaringClass().getSimpleName() + "." + field.getName();
        OF_FIELDS.getOrDefault(name, nothing -> {}).accept(schema);
    }

    /** JSON Schema counts code points, Java's records count UTF-16 units: the schema is the milder of the two. */
    private static Consumer<ObjectNode> atMost(int maxLength) {
        return schema -> schema.put("maxLength", maxLength);
    }

    private static Consumer<ObjectNode> text(int maxLength) {
        return atMost(maxLength).andThen(schema -> schema.put("pattern", "\\S"));
    }

    private static Consumer<ObjectNode> names(int maxLength) {
        return schema -> schema.putObject("propertyNames").put("maxLength", maxLength);
    }

    private static void positive(ObjectNode schema) {
        schema.put("minimum", 1);
    }

    private static Consumer<ObjectNode> amount(long max) {
        return schema ->
                schema.put("minimum", -max).put("maximum", max).putObject("not").put("const", 0);
    }
}
