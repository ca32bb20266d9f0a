package dev.paymaster.system.chaos;

/** A user with an API key. */
record User(String id, Caller api) {}
