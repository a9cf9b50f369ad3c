-- Rows of the worklist get terms for the device, sex and age band of their images: each is made again.
update cases set listed = false;
