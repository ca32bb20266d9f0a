package dev.paymaster.standalone.demo;

/** A step of the story did not come true. The message says what was expected and what happened instead. */
final class StoryFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StoryFailed(String message) {
        super(message);
    }
}
