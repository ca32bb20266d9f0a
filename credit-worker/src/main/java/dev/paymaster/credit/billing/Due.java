package dev.paymaster.credit.billing;

import dev.paymaster.credit.invoice.PaidInvoice;
import dev.paymaster.messaging.Message;
import java.util.UUID;

/**
 * A paid invoice whose user is known.
 *
 * @param cause the event that told of it, or that brought the link it was parked for
 */
record Due(PaidInvoice invoice, UUID userId, Message<?> cause) {}
