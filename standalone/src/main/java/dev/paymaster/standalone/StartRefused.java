package dev.paymaster.standalone;

/** The standalone can't start as asked, and the one-line message says what its user can do about it. */
public final class StartRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StartRefused(String message) {
        super(message);
    }
}
