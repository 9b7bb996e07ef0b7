int main(void) {
  emm_maptype type;
  emm_maptype_init(&type, &emm_type_int32, &emm_type_int32, 0);
  count(&type, 1);
  count(&type, 0);
  return 0;
}
