package dev.strongroom.hsm.node.seal;

/** What keys are derived from the root key for. A label never changes: everything sealed under it would be lost. */
public enum Purpose {
    /** Wraps the domain keys. */
    DOMAIN_WRAP("domain wrap"),
    /** Turns a record's path into its id. */
    RECORD_ID("record id"),
    /** Authenticates the journal. */
    JOURNAL_MAC("journal mac"),
    /** Wraps the keys of backups. */
    BACKUP("backup"),
    /** Root of the audit trail's MACs. */
    AUDIT("audit"),
    /** Seals what proves a user's login. */
    USERDB("user database"),
    /** Authenticates nodes that join. */
    JOIN("join");

    private final String label;

    Purpose(String name) {
        this.label = "strongroom purpose " + name + " v1";
    }

    String label() {
        return label;
    }
}
