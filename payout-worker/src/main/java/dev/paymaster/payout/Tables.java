package dev.paymaster.payout;

import dev.paymaster.messaging.CommandLog;

/** Everything that a batch of commands reads and writes. */
record Tables(Accounts accounts, Payouts payouts, Senders senders, AttemptLog attempts, CommandLog commands) {}
