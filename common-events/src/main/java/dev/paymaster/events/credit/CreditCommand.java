package dev.paymaster.events.credit;

import dev.paymaster.events.Text;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What can be asked of credit-worker. What somebody asks for is idempotent by the envelope's id, like every command; what
 * credit-worker tells itself to look after is so by its meaning: it compares what is with what should be.
 */
public sealed interface CreditCommand {

    /** Far beyond any sale, far below overflow: a slip of the keyboard stops here. */
    long MAX_AMOUNT = 1_000_000_000L;

    /** The last second that RFC 3339 can write. */
    Instant END_OF_TIME = Instant.parse("9999-12-31T23:59:59Z");

    /**
     * An administrator gives credits, or takes some back when {@code amount} is negative; what isn't there to take
     * becomes debt.
     *
     * @param amount whole credits, not zero
     * @param expiresAt when what is left of a grant lapses; absent: never; not with a negative amount
     */
    record GrantCredits(
            UUID userId,
            long amount,
            String reason,
            @Nullable Instant expiresAt) implements CreditCommand {
        public GrantCredits {
            Objects.requireNonNull(userId, "user_id is missing");
            Text.require("reason", reason, Text.MAX_LINE);
            if (amount == 0 || amount > MAX_AMOUNT || amount < -MAX_AMOUNT) {
                throw new IllegalArgumentException(
                        "amount must not be zero, and at most " + MAX_AMOUNT + " in either direction");
            }
            if (expiresAt != null && (expiresAt.isBefore(Instant.EPOCH) || expiresAt.isAfter(END_OF_TIME))) {
                throw new IllegalArgumentException("expires_at must be between 1970 and 9999");
            }
            if (amount < 0 && expiresAt != null) {
                throw new IllegalArgumentException("expires_at goes only with a positive amount");
            }
        }
    }

    /**
     * A user wants to be told, by {@link CreditEvent.BalanceLow}, whenever the credits that can be spent fall below a number.
     *
     * @param credits the number; absent: never
     */
    record SetBalanceThreshold(UUID userId, @Nullable Long credits) implements CreditCommand {
        public SetBalanceThreshold {
            Objects.requireNonNull(userId, "user_id is missing");
            if (credits != null && (credits <= 0 || credits > MAX_AMOUNT)) {
                throw new IllegalArgumentException("credits must be between 1 and " + MAX_AMOUNT);
            }
        }
    }

    /** Take away what is left of the user's lapsed lots. Credit-worker's own; when nothing has lapsed it does nothing. */
    record ExpireLots(UUID userId) implements CreditCommand {
        public ExpireLots {
            Objects.requireNonNull(userId, "user_id is missing");
        }
    }

    /**
     * Money that was paid for credits has come back to whoever paid, or has been kept after all: take back, or give again,
     * what the ledger lacks of that. Credit-worker's own; asking for it when nothing has changed does nothing.
     *
     * @param purchase what was paid for: {@code invoice:in_…} or {@code session:cs_…}
     */
    record ReviewPurchase(UUID userId, String purchase) implements CreditCommand {
        public ReviewPurchase {
            Objects.requireNonNull(userId, "user_id is missing");
            Text.require("purchase", purchase, Text.MAX_LINE);
        }
    }
}
