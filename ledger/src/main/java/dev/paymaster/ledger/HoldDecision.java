package dev.paymaster.ledger;

/** Either what to post, or a refusal. */
sealed interface HoldDecision permits Posting, HoldResult.Insufficient {}
