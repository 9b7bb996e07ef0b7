// What is made in a loop escapes when it is still held in the next iteration: one stack slot would not do.
// emm-check: go=escape opt=0,2
struct Node { Node *next; int n; };
static int read(int *p) { return *p; }  // want "^p does not escape$"

int forLoop(int n) {
  int sum = 0;
  for (int i = 0; i < n; ++i) {
    int *p = new int(i);  // want "^new int does not escape$"
    sum += read(p);
  }
  return sum;
}
int forLoopCarried(int n) {
  int sum = 0;
  int *p = nullptr;
  for (int i = 0; i < n; ++i) {
    sum += p ? read(p) : 0;
    p = new int(i);  // want "^new int escapes to heap$"
  }
  return sum;
}
int whileLoop(int n) {
  int sum = 0;
  while (n--) {
    int *p = new int(n);  // want "^new int does not escape$"
    sum += *p;
  }
  return sum;
}
int whileLoopCarried(int n) {
  int sum = 0;
  int *p = nullptr;
  while (n--) {
    sum += p ? *p : 0;
    p = new int(n);  // want "^new int escapes to heap$"
  }
  return sum;
}
int doLoop(int n) {
  int sum = 0;
  do {
    int *p = new int(n);  // want "^new int does not escape$"
    sum += *p;
  } while (--n);
  return sum;
}
int doLoopCarried(int n) {
  int sum = 0;
  int *p = &sum;
  do {
    sum += *p;
    p = new int(n);  // want "^new int does not escape$" // finer "new int escapes" the old one is read before the new one is made
  } while (--n);
  return sum;
}
int usedAfterLoop(int n) {
  int *p = nullptr;
  for (int i = 0; i < n; ++i)
    p = new int(i);  // want "^new int escapes to heap$"
  return p ? *p : 0;
}
int usedAfterBreak(int n) {
  int *p = nullptr;
  for (int i = 0; i < n; ++i)
    if (i == 3) {
      p = new int(i);  // want "^new int does not escape$" // finer "new int escapes" the loop ends where it is made
      break;
    }
  return p ? *p : 0;
}
int gotoLoop(int n) {
  int sum = 0;
again:
  int *p = new int(n);  // want "^new int does not escape$"
  sum += *p;
  if (--n)
    goto again;
  return sum;
}
int gotoForward(int n) {
  int *p = new int(n);  // want "^new int does not escape$"
  if (n)
    goto out;
  *p = 2;
out:
  return *p;
}
int gotoLoopCarried(int n) {
  int sum = 0;
  int *last = nullptr;
again:
  sum += last ? *last : 0;
  last = new int(n);  // want "^new int escapes to heap$"
  if (--n)
    goto again;
  return sum;
}
int list(int n) {
  Node *head = nullptr;
  for (int i = 0; i < n; ++i)
    head = new Node{head, i};  // want "^new Node escapes to heap$"
  int sum = 0;
  for (Node *p = head; p; p = p->next)
    sum += p->n;
  return sum;
}
int oneNode(int n) {
  Node *head = new Node{nullptr, n};  // want "^new Node does not escape$"
  int sum = 0;
  for (Node *p = head; p; p = p->next)
    sum += p->n;
  return sum;
}
int appended(int n) {
  Node first{nullptr, 0};
  Node *tail = &first;
  for (int i = 0; i < n; ++i) {
    tail->next = new Node{nullptr, i};  // want "^new Node escapes to heap$"
    tail = tail->next;
  }
  return first.next ? first.next->n : 0;
}
int replaced(int n) {
  Node first{nullptr, 0};
  for (int i = 0; i < n; ++i) {
    first.next = new Node{nullptr, i};  // want "^new Node does not escape$" // finer "new Node escapes" it is replaced before it is read
    first.n += first.next->n;
  }
  return first.n;
}
int replacedInside(int n) {
  int sum = 0;
  for (int i = 0; i < n; ++i) {
    Node first{nullptr, 0};
    first.next = new Node{nullptr, i};  // want "^new Node does not escape$"
    sum += first.next->n;
  }
  return sum;
}
int innerLoop(int n) {
  int sum = 0;
  for (int i = 0; i < n; ++i) {
    int *outer = new int(i);  // want "^new int does not escape$"
    for (int j = 0; j < n; ++j)
      sum += *outer;
  }
  return sum;
}
int innerLoopCarried(int n) {
  int sum = 0;
  for (int i = 0; i < n; ++i) {
    int *inner = nullptr;
    for (int j = 0; j < n; ++j) {
      sum += inner ? *inner : 0;
      inner = new int(j);  // want "^new int escapes to heap$"
    }
  }
  return sum;
}
int innerLoopToOuter(int n) {
  int sum = 0;
  int *last = nullptr;
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < n; ++j) {
      sum += last ? *last : 0;
      last = new int(j);  // want "^new int escapes to heap$"
    }
  return sum;
}
int beforeLoop(int n) {
  int *p = new int(n), sum = 0;  // want "^new int does not escape$"
  for (int i = 0; i < n; ++i)
    sum += *p;
  return sum;
}
int alternating(int n) {
  int *a = new int(1), *b = new int(2);  // want "^new int does not escape$" "^new int does not escape$"
  for (int i = 0; i < n; ++i) {
    int *t = a;
    a = b;
    b = t;
  }
  return *a;
}
int blockVariable(int n) {
  int sum = 0;
  for (int i = 0; i < n; ++i) {
    int x = i;
    int *p = &x;
    sum += *p;
  }
  return sum;
}
int *loopResult(int n) {
  for (int i = 0; i < n; ++i) {
    int *p = new int(i);  // want "^new int escapes to heap$"
    if (i == 7)
      return p;
  }
  return nullptr;
}
int searched(Node *list, int n) {  // want "^list does not escape$"
  while (list && list->n != n)
    list = list->next;
  return list ? list->n : 0;
}
Node *found(Node *list, int n) {  // want "^leaking param: list to result ~r0 level=0$"
  while (list && list->n != n)
    list = list->next;
  return list;
}
Node *last(Node *list) {  // want "^leaking param: list to result ~r0 level=0$"
  while (list->next)
    list = list->next;
  return list;
}
Node *second(Node *list) { return list->next; }  // want "^leaking param: list to result ~r0 level=1$"
Node *reversed(Node *list) {  // want "^leaking param: list to content of list$" "^leaking param: list to result ~r0 level=0$"
  Node *done = nullptr;
  while (list) {
    Node *rest = list->next;
    list->next = done;
    done = list;
    list = rest;
  }
  return done;
}
int doLoopPassed(int n) {
  int sum = 0;
  int *p = &sum;
  do {
    sum += read(p);
    p = new int(n);  // want "^new int escapes to heap$"
  } while (--n);
  return sum;
}
int replacedAfterRead(int n) {
  Node first{nullptr, 0};
  for (int i = 0; i < n; ++i) {
    first.n += first.next ? first.next->n : 0;
    first.next = new Node{nullptr, i};  // want "^new Node escapes to heap$"
  }
  return first.n;
}
int inCondition(int n) {
  int sum = 0;
  while (int *p = n ? new int(n) : nullptr) {  // want "^new int does not escape$"
    sum += *p;
    --n;
  }
  return sum;
}
