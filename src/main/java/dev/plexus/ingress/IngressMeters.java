package dev.plexus.ingress;

/// What the ingress counts as it happens; everything about a finished exchange is counted from its record instead.
public interface IngressMeters {

    void exchangeBegan();

    void exchangeEnded();

    void authenticationFailed();

    void journalRefused();

    void quotaCheckFailed();
}
