int Store::entries;
