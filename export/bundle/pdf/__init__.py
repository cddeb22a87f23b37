"""The PDF forms of a package: volumes of records, subscriber lists, letter, certificate, exemption log."""
