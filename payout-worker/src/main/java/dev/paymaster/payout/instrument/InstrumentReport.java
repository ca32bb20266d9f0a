package dev.paymaster.payout.instrument;

import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What an event of Stripe, or an account that was asked for, says of somebody's cards and bank accounts, or of who that is.
 *
 * @param holder the customer or connected account
 * @param userId whose it is; absent when the event doesn't say
 * @param fingerprints of what the holder has paid with, or is paid to
 */
public record InstrumentReport(String holder, @Nullable UUID userId, Set<String> fingerprints) {}
