package dev.paymaster.standalone;

/** Hears what a start or a stop is doing. Called from one thread at a time. */
interface Progress {
    /** Tells nobody. */
    Progress SILENT = new Progress() {
        @Override
        public void begins(String step) {}

        @Override
        public void ends(String step) {}
    };

    void begins(String step);

    void ends(String step);
}
