package dev.paymaster.system.chaos;

/** Somebody has waited for too long. */
final class GaveUp extends RuntimeException {
    private static final long serialVersionUID = 1L;

    GaveUp(String waitedFor) {
        super(waitedFor);
    }
}
