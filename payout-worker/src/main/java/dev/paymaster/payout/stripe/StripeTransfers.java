package dev.paymaster.payout.stripe;

import com.stripe.StripeClient;
import com.stripe.exception.StripeException;
import com.stripe.model.StripeCollection;
import com.stripe.model.Transfer;
import com.stripe.model.TransferReversal;
import com.stripe.net.RequestOptions;
import com.stripe.param.TransferCreateParams;
import com.stripe.param.TransferListParams;
import com.stripe.param.TransferReversalCreateParams;
import dev.paymaster.events.payout.PayoutCommand.Outcome;
import dev.paymaster.payout.transfer.Answer;
import dev.paymaster.payout.transfer.ReversalOrder;
import dev.paymaster.payout.transfer.Tokens;
import dev.paymaster.payout.transfer.TransferOrder;
import dev.paymaster.payout.transfer.Transfers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes and finds transfers at Stripe. Blocks on the network without pinning a virtual thread. Thread-safe. */
final class StripeTransfers implements Transfers {
    private static final String PAYOUT_ID = "payout_id";

    /** Stripe's largest page. */
    private static final long PAGE = 100;

    /** A job has one transfer, a few after mishaps. More pages than this mean that something else uses its group. */
    private static final int MAX_PAGES = 10;

    /** Stripe takes 500 characters in a value; an id has 36 and a comma. */
    private static final int JOBS_PER_VALUE = 13;

    private final StripeClient client;
    private final Tokens tokens;

    StripeTransfers(StripeClient client, Tokens tokens) {
        this.client = client;
        this.tokens = tokens;
    }

    @Override
    public Answer make(TransferOrder order) {
        try {
            Transfer transfer = client.v1().transfers().create(parameters(order), withKey(order.key()));
            String id = transfer.getId();
            return id == null
                    ? Answer.of(Outcome.UNKNOWN, "Stripe's answer names no transfer")
                    : Answer.paid(id, reversed(transfer), "Stripe made transfer " + id + requestOf(transfer));
        } catch (StripeException | RuntimeException e) {
            return Answers.toTransfer(e);
        }
    }

    /**
     * Looks through the job's transfer group. The destination is not part of the search: should the receiver's account
     * have changed between two keys, a transfer to the old one counts too.
     */
    @Override
    public Answer find(TransferOrder order) {
        try {
            List<Transfer> matches = matches(order);
            return matches == null
                    ? Answer.of(Outcome.NOT_YET, "not looked up to the end: the rate limit is used up")
                    : found(matches);
        } catch (StripeException | RuntimeException e) {
            return Answers.toLookup(e);
        }
    }

    /** Null when not all pages could be read: each is a call. */
    private @Nullable List<Transfer> matches(TransferOrder order) throws StripeException {
        List<Transfer> matches = new ArrayList<>();
        String after = null;
        for (int page = 0; page < MAX_PAGES; page++) {
            List<Transfer> transfers = page(order, after);
            transfers.stream().filter(transfer -> isOf(order, transfer)).forEach(matches::add);
            if (transfers.size() < PAGE) {
                return matches;
            }
            after = transfers.getLast().getId();
            if (!tokens.take()) {
                return null;
            }
        }
        throw new IllegalStateException("group " + order.jobId() + " holds too many transfers to search");
    }

    private List<Transfer> page(TransferOrder order, @Nullable String after) throws StripeException {
        TransferListParams.Builder parameters = TransferListParams.builder()
                .setTransferGroup(order.jobId().toString())
                .setLimit(PAGE);
        if (after != null) {
            parameters.setStartingAfter(after);
        }
        StripeCollection<Transfer> page = client.v1().transfers().list(parameters.build());
        List<Transfer> transfers = page.getData();
        if (transfers == null) {
            throw new IllegalStateException("Stripe's answer holds no list");
        }
        return transfers;
    }

    /**
     * Stripe lists the newest first. The oldest of those that haven't been wholly taken back is the one that counts, and the
     * others are told of; if all of them have been, the newest tells what is new.
     */
    private static Answer found(List<Transfer> matches) {
        if (matches.isEmpty()) {
            return Answer.of(Outcome.ABSENT, "looked up: Stripe lists no transfer for this payout");
        }
        List<Transfer> oldestFirst = matches.reversed();
        List<Transfer> standing = oldestFirst.stream()
                .filter(transfer -> !isWhollyReversed(transfer))
                .toList();
        Transfer counts = standing.isEmpty() ? oldestFirst.getLast() : standing.getFirst();
        List<String> others = standing.stream().skip(1).map(Transfer::getId).toList();
        String all = oldestFirst.stream().map(StripeTransfers::shown).collect(Collectors.joining(", "));
        return Answer.paid(counts.getId(), reversed(counts), others, "looked up: Stripe lists " + all);
    }

    private static String shown(Transfer transfer) {
        long reversed = reversed(transfer);
        return transfer.getId() + (reversed == 0 ? "" : " (" + reversed + " cents of it taken back)");
    }

    private static boolean isWhollyReversed(Transfer transfer) {
        Long amount = transfer.getAmount();
        return amount != null && reversed(transfer) >= amount;
    }

    private static long reversed(Transfer transfer) {
        Long cents = transfer.getAmountReversed();
        return cents == null ? 0 : cents;
    }

    /** Without an amount, Stripe takes back what is left. What it then says is that nothing is left. */
    @Override
    public Answer reverse(ReversalOrder order) {
        try {
            TransferReversal reversal = client.v1()
                    .transfers()
                    .reversals()
                    .create(
                            order.transferId(),
                            TransferReversalCreateParams.builder()
                                    .putMetadata(PAYOUT_ID, order.payoutId().toString())
                                    .build(),
                            withKey(order.key()));
            String id = reversal.getId();
            return id == null
                    ? Answer.of(Outcome.UNKNOWN, "Stripe's answer names no reversal")
                    : Answer.paid(
                            order.transferId(),
                            order.amountCents(),
                            "Stripe took back " + reversal.getAmount() + " cents by reversal " + id);
        } catch (StripeException | RuntimeException e) {
            return Answers.toReversal(e);
        }
    }

    @Override
    public Answer inspect(ReversalOrder order) {
        try {
            Transfer transfer = client.v1().transfers().retrieve(order.transferId());
            return transfer.getAmountReversed() == null
                    ? Answer.of(Outcome.UNKNOWN, "Stripe's answer doesn't say what was taken back")
                    : Answer.paid(
                            order.transferId(),
                            reversed(transfer),
                            "looked at " + order.transferId() + ": " + reversed(transfer) + " cents taken back");
        } catch (StripeException | RuntimeException e) {
            return Answers.toLookup(e);
        }
    }

    private static boolean isOf(TransferOrder order, Transfer transfer) {
        Map<String, String> metadata = transfer.getMetadata();
        return metadata != null && order.payoutId().toString().equals(metadata.get(PAYOUT_ID));
    }

    /** Nothing in here may change while the key stays the same: Stripe refuses a key with another body. */
    private static TransferCreateParams parameters(TransferOrder order) {
        TransferCreateParams.Builder parameters = TransferCreateParams.builder()
                .setAmount(order.amountCents())
                .setCurrency("usd")
                .setDestination(order.destination())
                .setTransferGroup(order.jobId().toString())
                .setDescription(order.description())
                .putMetadata(PAYOUT_ID, order.payoutId().toString())
                .putMetadata("receiver", order.receiver().toString());
        if (order.jobs().isEmpty()) {
            return parameters.putMetadata("job_id", order.jobId().toString()).build();
        }
        List<String> jobs = order.jobs().stream().map(UUID::toString).toList();
        for (int from = 0; from < jobs.size(); from += JOBS_PER_VALUE) {
            List<String> part = jobs.subList(from, Math.min(from + JOBS_PER_VALUE, jobs.size()));
            parameters.putMetadata("jobs_" + (from / JOBS_PER_VALUE + 1), String.join(",", part));
        }
        return parameters.build();
    }

    private static RequestOptions withKey(String key) {
        return RequestOptions.builder().setIdempotencyKey(key).build();
    }

    private static String requestOf(Transfer transfer) {
        String request = transfer.getLastResponse() == null
                ? null
                : transfer.getLastResponse().requestId();
        return request == null ? "" : " (request " + request + ")";
    }
}
