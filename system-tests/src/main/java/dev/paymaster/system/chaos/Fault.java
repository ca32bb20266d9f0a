package dev.paymaster.system.chaos;

import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

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

    /** Whether it is a call's answer that is lost for so long that its key is forgotten. */
    boolean forgetsKeys() {
        return kind == Kind.STRIPE && target.equals(StripeFault.KEYS_FORGOTTEN.name());
    }

    /** Whether nothing else comes meanwhile. */
    boolean isAlone() {
        return kind == Kind.FREEZE_LONG || kind.lastsMinutes() || forgetsKeys();
    }

    String inWords() {
        return switch (kind) {
            case KILL, FREEZE, FREEZE_LONG, ROLL, CLOCK_BEHIND, CLOCK_AHEAD -> target + ": " + kind.says();
            case SLOW, CUT, SILENT, REFUSE -> kind.says() + ": " + target;
            case STRIPE -> kind.says() + ": " + StripeFault.valueOf(target).says();
            case BROKER_RESTART, BROKER_FROZEN, DATABASE_CRASH, DATABASE_RESTART, DATABASE_SILENT, PARTITIONS ->
                kind.says();
        };
    }

    /** What goes wrong. */
    enum Kind {
        KILL("kill -9", false),
        FREEZE("frozen", true),
        FREEZE_LONG("frozen past a session", true),
        ROLL("rolling restart", false),
        CLOCK_BEHIND("clock 10 minutes behind", false),
        CLOCK_AHEAD("clock 25 hours ahead", false),
        BROKER_RESTART("broker restarted", false),
        BROKER_FROZEN("broker frozen for 90 s", true),
        DATABASE_CRASH("database crashed", false),
        DATABASE_RESTART("database restarted", false),
        DATABASE_SILENT("database silent for 10 minutes", true),
        SLOW("connections slow", true),
        CUT("connections cut", false),
        SILENT("connections silent", true),
        REFUSE("connections refused", true),
        STRIPE("Stripe", true),
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

        /** As it is asked for: what it says, with hyphens. */
        String option() {
            return says.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
        }

        /**
         * The kind that is asked for so.
         *
         * @throws IllegalArgumentException naming all that there are
         */
        static Kind of(String option) {
            return Arrays.stream(values())
                    .filter(kind -> kind.option().equals(option))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "no such fault: '" + option + "'; there are " + options(EnumSet.allOf(Kind.class))));
        }

        static String options(Collection<Kind> kinds) {
            return kinds.stream().sorted().map(Kind::option).collect(Collectors.joining(","));
        }

        /** Whether it lasts for minutes. */
        boolean lastsMinutes() {
            return this == BROKER_FROZEN || this == DATABASE_SILENT;
        }

        /** What every run has. */
        static Set<Kind> usual() {
            return Arrays.stream(values()).filter(kind -> !kind.lastsMinutes()).collect(Collectors.toUnmodifiableSet());
        }

        /** Whether it can only get better when it ends. */
        boolean isLasting() {
            return lasting;
        }
    }
}
