// Receives Runbell's web hooks and answers 401 to everything that Runbell did not sign.
//
//	WEBHOOK_SECRET=whsec_… PORT=9000 go run receiver.go
package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"
)

// How far the two clocks may differ. Older requests are refused, so that nobody can replay them.
const tolerance = 5 * time.Minute

const largestBody = 1 << 20

type receiver struct{ key []byte }

// isSigned tells whether one of the signatures covers exactly these bytes: during a rotation there are two of them.
func (r receiver) isSigned(headers http.Header, body []byte) bool {
	id, timestamp := headers.Get("webhook-id"), headers.Get("webhook-timestamp")
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil {
		return false
	}
	if age := time.Since(time.Unix(seconds, 0)); age > tolerance || age < -tolerance {
		return false
	}
	code := hmac.New(sha256.New, r.key)
	fmt.Fprintf(code, "%s.%s.", id, timestamp)
	code.Write(body)
	expected := []byte("v1," + base64.StdEncoding.EncodeToString(code.Sum(nil)))
	for _, signature := range strings.Split(headers.Get("webhook-signature"), " ") {
		// Takes the same time wherever the difference is.
		if hmac.Equal([]byte(signature), expected) {
			return true
		}
	}
	return false
}

func (r receiver) ServeHTTP(answer http.ResponseWriter, request *http.Request) {
	if request.Method != http.MethodPost {
		answer.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	// The signature is over the bytes as they came: parsing and writing the JSON again would change them.
	body, err := io.ReadAll(http.MaxBytesReader(answer, request.Body, largestBody))
	if err != nil {
		answer.WriteHeader(http.StatusRequestEntityTooLarge)
		return
	}
	if !r.isSigned(request.Header, body) {
		answer.WriteHeader(http.StatusUnauthorized)
		return
	}
	var event struct {
		Event string `json:"event"`
	}
	if err := json.Unmarshal(body, &event); err != nil {
		answer.WriteHeader(http.StatusBadRequest)
		return
	}
	// Runbell sends at least once. Skip a webhook-id that you have already handled.
	fmt.Println(request.Header.Get("webhook-id"), event.Event)
	answer.WriteHeader(http.StatusNoContent)
}

func main() {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(os.Getenv("WEBHOOK_SECRET"), "whsec_"))
	if err != nil || len(key) == 0 {
		log.Fatal("WEBHOOK_SECRET is missing or not a signing secret")
	}
	port := os.Getenv("PORT")
	if port == "" {
		port = "9000"
	}
	listener, err := net.Listen("tcp", "127.0.0.1:"+port)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("Listening on http://%s\n", listener.Addr())
	server := http.Server{Handler: receiver{key}, ReadTimeout: 10 * time.Second}
	log.Fatal(server.Serve(listener))
}
