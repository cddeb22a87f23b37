"""The core: one folder with its ledger, holdings, objects and state; imports none of ours."""
