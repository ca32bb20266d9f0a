package dev.paymaster.system.bench;

/** A user with credits. */
record Sender(String id, String key) {}
