package dev.paymaster.system.chaos;

/**
 * Something that is going to go wrong.
 *
 * @param target who it happens to: an instance, a service, the broker, what a proxy leads to, or what Stripe does
 * @param millis how long it lasts; of something that happens at once, how long until it is put right
 */
record Fault(Kind kind, String target, int millis) {
    Fault noLongerThan(int longestMillis) {
        return new Fault(kind, target, Math.min(millis, longestMillis));
    }

    /** What goes wrong. */
    enum Kind {
        KILL("kill -9", false),
        FREEZE("SIGSTOP, then SIGCONT", true),
        FREEZE_LONG("SIGSTOP past a session and leases, then SIGCONT", true),
        ROLL("rolling restart", false),
        CLOCK_BEHIND("restarted, 10 minutes behind", false),
        CLOCK_AHEAD("restarted, 25 hours ahead", false),
        BROKER_RESTART("broker: restarted", false),
        DATABASE_CRASH("database: crashed", false),
        DATABASE_RESTART("database: restarted", false),
        SLOW("connections slow", true),
        CUT("connections cut", false),
        SILENT("connections silent", true),
        REFUSE("connections refused", true),
        STRIPE("Stripe:", true),
        PARTITIONS("partitions raised", false);

        private final String says;
        private final boolean lasting;

        Kind(String says, boolean lasting) {
            this.says = says;
            this.lasting = lasting;
        }

        String says() {
            return says;
        }

        /** Whether nothing else comes meanwhile. */
        boolean isAlone() {
            return this == FREEZE_LONG;
        }

        /** Whether it can only get better when it ends. */
        boolean isLasting() {
            return lasting;
        }
    }
}
