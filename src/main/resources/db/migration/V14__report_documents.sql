-- A report that came as a DICOM object: the SOP instance UIDs of the documents it replaces, between backslashes; null for
-- any other report.
alter table arrival add column predecessors varchar;
