package dev.paymaster.credit.stripe;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The fields that matter here of invoices, checkout sessions and what is about payments; whatever an object doesn't have is
 * absent.
 *
 * @param id of the object
 * @param customer id of the customer
 * @param mode of a session: {@code subscription}, {@code payment}, {@code setup}
 * @param clientReferenceId of a session: what Paymaster named it by, the user's id
 * @param subscription of an invoice's parent, or of a session
 * @param userId {@code user_id} in the subscription's metadata, as it was when the invoice was made
 * @param lines the first page of an invoice's lines
 * @param hasMoreLines whether there are further pages
 * @param paidAt of an invoice: when it was paid, if it says so
 * @param money what it says of amounts and of the payment
 */
public record StripeObject(
        @Nullable String id,
        @Nullable String customer,
        @Nullable String mode,
        @Nullable String clientReferenceId,
        @Nullable String subscription,
        @Nullable String userId,
        List<InvoiceLine> lines,
        boolean hasMoreLines,
        @Nullable Instant paidAt,
        MoneyFields money) {
    /** One of which nothing is known. */
    public static final StripeObject EMPTY =
            new StripeObject(null, null, null, null, null, null, List.of(), false, null, MoneyFields.NONE);

    public StripeObject {
        lines = List.copyOf(lines);
    }
}
