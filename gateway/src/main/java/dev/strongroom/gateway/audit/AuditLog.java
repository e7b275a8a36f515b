package dev.strongroom.gateway.audit;

import java.io.IOException;

/**
 * Where records go. No answer leaves before its record was written, and none leaves if it could not be: work that nobody
 * can look up later did not happen as far as the caller is told.
 *
 * <p>Safe for concurrent use.
 */
public interface AuditLog extends AutoCloseable {

    /**
     * Writes one record. When this returns, the record has left the process: it survives the process being killed.
     *
     * @throws IOException if it could not be written as a whole; nothing of it remains in the log
     */
    void write(AuditRecord record) throws IOException;

    /**
     * Asked before work is begun, so that a log that is known to be broken stops the work and not only the answer.
     *
     * @throws IOException if the last record could not be written and the next could not either
     */
    void requireWritable() throws IOException;

    @Override
    void close();

    /** For processes that keep nothing: every record is dropped. */
    static AuditLog none() {
        return new AuditLog() {
            @Override
            public void write(AuditRecord record) {
                // Nothing is kept.
            }

            @Override
            public void requireWritable() {
                // There is nothing that could break.
            }

            @Override
            public void close() {
                // There is nothing to close.
            }
        };
    }
}
